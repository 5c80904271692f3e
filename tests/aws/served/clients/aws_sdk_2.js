// npm's aws-sdk 2 against `labkit serve` at the address given; ends with 0 if all is well.
const AWS = require("aws-sdk");
const sqs = new AWS.SQS({
  endpoint: process.argv[2], region: "us-east-1", accessKeyId: "test", secretAccessKey: "test",
  paramValidation: false, maxRetries: 0,
});
const call = (operation, parameters) => sqs[operation](parameters).promise()
  .catch((error) => ({code: error.code, status: error.statusCode}));
// Up to November 2023 it spoke the query protocol, and JSON since; a number that is none it sends as NaN or as nothing.
const speaks = sqs.api.protocol === "query" ? "MalformedInput" : null;
require("./story.js")(call, {unreadable: speaks});
