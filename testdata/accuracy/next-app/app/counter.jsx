"use client";
import { useState } from "react";
import clsx from "clsx";

export default function Counter() {
	const [count, setCount] = useState(0);
	return <button className={clsx({ used: count > 0 })} onClick={() => setCount(count + 1)}>{count}</button>;
}
