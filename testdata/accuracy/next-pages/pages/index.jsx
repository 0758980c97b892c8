import Image from "next/image";
import Link from "next/link";
import useSWR from "swr";

export default function Index() {
	const { data } = useSWR("/api/time", (url) => fetch(url).then((r) => r.json()));
	return <main><Image src="/photo.png" alt="" width={64} height={64} /><Link href="/post/first">{data?.time}</Link></main>;
}
