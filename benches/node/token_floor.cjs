// No contender: what any program pays that sends one request over TLS with the platform's fetch.
fetch(`${process.env.YC_IAM_ENDPOINT}/iam/v1/tokens`, { method: "POST", body: "{}" }).then((response) => response.text());
