const express = require('express');
const app = express();
app.get('/', (request, response) => response.send('up'));
app.listen(8080);
