"""Credentials in the form that other libraries take: one module for each of them, named as it is.

    from yc_iam.integrations.httpx import YcIamAuth

    client = httpx.Client(auth=YcIamAuth(credentials))

Importing a module imports its library, and nothing else does. All share what the core says of its own requests: a token
travels over https or to a loopback address only, and a refused one is renewed, once. None writes a token to a log.
"""
