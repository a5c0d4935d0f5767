from isospin import Response
async def handle(request):
    return Response("Hello from Python!\n")
