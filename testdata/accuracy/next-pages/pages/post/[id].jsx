import fs from "node:fs";
import path from "node:path";
import matter from "gray-matter";
import { marked } from "marked";

export async function getServerSideProps({ params }) {
	const file = path.join(process.cwd(), "content", path.basename(params.id) + ".md");
	if (!fs.existsSync(file))
		return { notFound: true };
	const { data, content } = matter(fs.readFileSync(file, "utf8"));
	return { props: { title: data.title, html: marked.parse(content) } };
}

export default function Post({ title, html }) {
	return <article><h1>{title}</h1><div dangerouslySetInnerHTML={{ __html: html }} /></article>;
}
