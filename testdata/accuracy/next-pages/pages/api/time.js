import dayjs from "dayjs";
import pino from "pino";
import { z } from "zod";

const log = pino();

export default function handler(request, response) {
	const { zone } = z.object({ zone: z.string().optional() }).parse(request.query);
	log.info({ zone }, "time");
	response.status(200).json({ time: dayjs().format() });
}
