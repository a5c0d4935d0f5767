def greeting(path: str) -> str:
    return f"Hello from Python! You asked for {path}\n"
