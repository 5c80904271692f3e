// npm's @aws-sdk/client-sqs 3 against `labkit serve` at the address given; ends with 0 if all is well.
const {SQS} = require("@aws-sdk/client-sqs");
const sqs = new SQS({
  endpoint: process.argv[2], region: "us-east-1", credentials: {accessKeyId: "test", secretAccessKey: "test"},
  maxAttempts: 1,
});
const call = (operation, parameters) => sqs[operation](parameters)
  .catch((error) => ({code: error.Code || error.name, status: error.$metadata && error.$metadata.httpStatusCode}));
require("./story.js")(call, {unreadable: "SerializationException"});
