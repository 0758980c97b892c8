export async function GET(request) {
	return Response.json({ hello: new URL(request.url).pathname });
}
