// What both of npm's clients do. `call(operation, parameters)` resolves to the answer, or to {code, status}.
const assert = require("assert");

module.exports = async function story(call, {unreadable}) {
  const dead = (await call("createQueue", {QueueName: "dead"})).QueueUrl;
  const attributes = (await call("getQueueAttributes", {QueueUrl: dead, AttributeNames: ["QueueArn"]})).Attributes;
  const arn = attributes.QueueArn;
  const RedrivePolicy = JSON.stringify({deadLetterTargetArn: arn, maxReceiveCount: 1});
  const url = (await call("createQueue", {
    QueueName: "orders", Attributes: {VisibilityTimeout: "0", RedrivePolicy}, tags: {team: "shop"},
  })).QueueUrl;
  assert.deepStrictEqual((await call("listQueueTags", {QueueUrl: url})).Tags, {team: "shop"});
  const MessageAttributes = {kind: {DataType: "String", StringValue: "book"}};
  const sent = await call("sendMessage", {QueueUrl: url, MessageBody: "order <1> & 本", MessageAttributes});
  assert(sent.MessageId && sent.MD5OfMessageAttributes);
  const batch = await call("sendMessageBatch", {
    QueueUrl: url, Entries: [{Id: "a", MessageBody: "b"}, {Id: "b", MessageBody: "c", DelaySeconds: 901}],
  });
  assert.deepStrictEqual(batch.Successful.map((one) => one.Id), ["a"]);
  assert.deepStrictEqual(batch.Failed.map((one) => one.Code), ["InvalidParameterValue"]);
  const wanted = {MaxNumberOfMessages: 10, AttributeNames: ["All"], MessageAttributeNames: ["All"]};
  const got = (await call("receiveMessage", {QueueUrl: url, ...wanted})).Messages;
  assert.deepStrictEqual([got.length, got[0].Body, got[0].MessageAttributes.kind.StringValue],
                         [2, "order <1> & 本", "book"]);
  assert.strictEqual(got[0].Attributes.ApproximateReceiveCount, "1");
  assert(!((await call("receiveMessage", {QueueUrl: url})).Messages || []).length);

  const refused = async (code, status, operation, parameters) =>
    assert.deepStrictEqual(await call(operation, parameters), {code, status}, operation);
  await refused("MissingParameter", 400, "deleteMessage", {QueueUrl: url});
  await refused("ReceiptHandleIsInvalid", 404, "deleteMessage", {QueueUrl: url, ReceiptHandle: "mine"});
  await refused("MissingParameter", 400, "deleteMessageBatch", {QueueUrl: url, Entries: [{ReceiptHandle: "x"}]});
  await refused("MissingParameter", 400, "changeMessageVisibility", {QueueUrl: url, ReceiptHandle: "x"});
  await refused("MissingParameter", 400, "sendMessage", {QueueUrl: url});
  await refused("InvalidParameterValue", 400, "sendMessage", {QueueUrl: url, MessageBody: "x", DelaySeconds: 901});
  if (unreadable) await refused(unreadable, 400, "sendMessage", {QueueUrl: url, MessageBody: "x", DelaySeconds: "soon"});
  const changed = await call("changeMessageVisibilityBatch", {QueueUrl: url, Entries: [{Id: "a", ReceiptHandle: "x"}]});
  assert.strictEqual(changed.Failed[0].Code, "MissingParameter");

  const task = await call("startMessageMoveTask", {SourceArn: arn, MaxNumberOfMessagesPerSecond: 1});
  await refused("InvalidParameterValue", 400, "startMessageMoveTask", {SourceArn: arn});
  const tasks = (await call("listMessageMoveTasks", {SourceArn: arn})).Results;
  assert.deepStrictEqual(tasks.map((one) => one.Status), ["RUNNING"]);
  await call("cancelMessageMoveTask", {TaskHandle: task.TaskHandle});
  await call("sendMessage", {QueueUrl: dead, MessageBody: "order-2"});
  const [last] = (await call("receiveMessage", {QueueUrl: dead})).Messages;
  const handle = {QueueUrl: dead, ReceiptHandle: last.ReceiptHandle};
  await call("changeMessageVisibility", {...handle, VisibilityTimeout: 60});
  await call("deleteMessage", handle);
  await call("deleteQueue", {QueueUrl: url});
};
