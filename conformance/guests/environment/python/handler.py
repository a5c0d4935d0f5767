"""Answers every path with the variables that it was given, sorted in byte order."""

from isospin import Request, Response, environment


def handle(_request: Request) -> Response:
    variables = sorted(environment().items(), key=lambda variable: variable[0].encode())
    return Response("".join(f"{name}={value}\n" for name, value in variables))
