const express = require('express');

const app = express();
const router = express.Router();

app.get('/health', (req, res) => res.send('ok'));

router.route('/orders/:id/cancel').post((req, res) => res.end());

app.use('/users', require('./users'));

(function () {
  app.get('/users/:id/orders', (req, res) => res.json([]));
})();
