import isospin
from flask import Flask, abort, render_template, request
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)


@app.get("/hello/<name>")
def hello(name):
    return f"hello {name}\n"


@app.post("/json")
def json():
    return {"got": request.get_json()}


@app.post("/form")
def form():
    return {name: request.form.getlist(name) for name in request.form}


@app.get("/stream")
def stream():
    return (f"line {number}\n" for number in range(3))


@app.get("/escaped")
def escaped():
    from flask import render_template_string

    return render_template_string("<p>{{ text }}</p>", text="<b>")


@app.get("/page")
def page():
    return render_template("page.html", names=["a", "<b>"])


@app.get("/cookies")
def cookies():
    response = app.make_response("set")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


@app.get("/passwords")
def passwords():
    methods = ("scrypt", "pbkdf2:sha256:1000")
    made = [generate_password_hash("secret", method) for method in methods]
    right = [check_password_hash(hashed, "secret") for hashed in made]
    wrong = [check_password_hash(hashed, "other") for hashed in made]
    return {"right": right, "wrong": wrong}


@app.get("/forbidden")
def forbidden():
    abort(403)


@app.get("/error")
def error():
    raise ValueError("deliberate error")


handle = isospin.wsgi(app)
