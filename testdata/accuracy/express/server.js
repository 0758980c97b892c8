const express = require("express");
const winston = require("winston");
const { chunk } = require("lodash");

const app = express();
const log = winston.createLogger({ transports: [new winston.transports.Console()] });

app.use(require("helmet")(), require("compression")(), require("cookie-parser")(), require("morgan")("combined"));
app.set("view engine", "ejs");
app.get("/", (request, response) => response.render("index", { rows: chunk([1, 2, 3, 4], 2) }));
app.get("/api", (request, response) => response.json({ cookies: request.cookies }));
app.use("/public", express.static("public"));
app.listen(Number(process.env.PORT || 3000), () => log.info("listening"));
