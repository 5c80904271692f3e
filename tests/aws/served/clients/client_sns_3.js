// npm's @aws-sdk/client-sns 3 against `labkit serve` at the address given: an HTTP endpoint that confirms itself, and
// npm's sns-validator on what arrives there, with the certificate that is served. Ends with 0 if all is well.
const assert = require("assert"), http = require("http"), https = require("https"), { Readable } = require("stream");
const {SNS} = require("@aws-sdk/client-sns");
const Validator = require("sns-validator");

const address = process.argv[2], AWS = "https://sns.us-east-1.amazonaws.com";
const sns = new SNS({
  endpoint: address, region: "us-east-1", credentials: {accessKeyId: "test", secretAccessKey: "test"}, maxAttempts: 1,
});
// The validator takes certificates of AWS's own hosts alone. The address is no part of what is signed.
const read = (url) => fetch(url).then((answer) => answer.text());
https.get = (url, answered) => {
  read(url.replace(AWS, address)).then((text) => answered(Object.assign(Readable.from([text]), {statusCode: 200})));
  return {on: () => undefined};
};
const validated = (document) => new Promise((done, failed) => {
  const SigningCertURL = document.SigningCertURL.replace(address, AWS);
  new Validator().validate({...document, SigningCertURL}, (error, message) => (error ? failed(error) : done(message)));
});

const waiting = [], arrived = [];
const next = () => new Promise((take) => (arrived.length ? take(arrived.shift()) : waiting.push(take)));
const endpoint = http.createServer((request, response) => {
  let text = "";
  request.on("data", (part) => (text += part)).on("end", () => {
    response.end();
    const document = JSON.parse(text);
    assert.strictEqual(request.headers["x-amz-sns-message-type"], document.Type);
    waiting.length ? waiting.shift()(document) : arrived.push(document);
  });
});

endpoint.listen(0, "127.0.0.1", async () => {
  const {TopicArn} = await sns.createTopic({Name: "orders"});
  const Endpoint = `http://127.0.0.1:${endpoint.address().port}/orders`;
  const made = await sns.subscribe({TopicArn, Protocol: "http", Endpoint, ReturnSubscriptionArn: true});
  const pending = async () =>
    (await sns.getSubscriptionAttributes({SubscriptionArn: made.SubscriptionArn})).Attributes.PendingConfirmation;
  const asked = await validated(await next());
  assert.strictEqual(await pending(), "true");
  assert((await read(asked.SubscribeURL)).includes(made.SubscriptionArn));
  assert.strictEqual(await pending(), "false");
  for (const version of ["1", "2"]) {
    await sns.setTopicAttributes({TopicArn, AttributeName: "SignatureVersion", AttributeValue: version});
    for (const Subject of [undefined, "paid"]) {
      const {MessageId} = await sns.publish({TopicArn, Message: "order <1> & 本\nline two", Subject});
      const document = await next();
      assert.deepStrictEqual([document.MessageId, document.SignatureVersion], [MessageId, version]);
      await validated(document);
      await assert.rejects(validated({...document, Message: "order <2>"}), /signature/);
    }
  }
  endpoint.close();
});
