import { headers } from "next/headers";
import Counter from "./counter";

export default async function Page() {
	return <main>{(await headers()).get("host")} <Counter /></main>;
}
