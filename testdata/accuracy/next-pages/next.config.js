module.exports = {
	output: process.env.NEXT_OUTPUT || undefined,
	reactStrictMode: true,
	async headers() {
		return [{ source: "/:path*", headers: [{ key: "x-journal", value: "1" }] }];
	},
};
