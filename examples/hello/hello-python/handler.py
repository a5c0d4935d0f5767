async def handle(request):
    return "hello\n"
