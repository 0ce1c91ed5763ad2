from yc_iam import Credentials

creds = Credentials.service_account("key.json")
token = creds.token()  # cached, renewed when needed; call it each time
print("good until", token.expires_at, "(seconds since the epoch)")
headers = {"Authorization": creds.authorization()}  # for any call to Yandex Cloud
