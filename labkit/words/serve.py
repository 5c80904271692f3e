"""Sentences about `labkit serve` and labs on another endpoint."""

SUMMARY = "[--port N] [--speed N]  the same rules over HTTP on this machine, in real time, for the AWS CLI and others"
USAGE = "Write for example `labkit serve`, `labkit serve --port 5000` or `labkit serve --speed 60`."
PORT_MEANING = "where to listen on this machine; 0 for any port that is free (default: {default})"
SPEED_MEANING = "how many seconds of lab time pass in one real second, up to {most} (default: 1)"
SEED_MEANING = "names all chance, message ids for example (default: 7)"
FAULTS_MEANING = "duplicates, reordering and short polls that see a part of the queue, far more often than on AWS"
SPEED = "--speed {given} is no speed: give a number above 0 and up to {most}."
STARTED = """The rules of this course answer at

    {url}

  AWS CLI    aws --endpoint-url {url} sqs create-queue --queue-name orders
  boto3      boto3.client("sqs", endpoint_url="{url}")
  any SDK    export AWS_ENDPOINT_URL={url} AWS_DEFAULT_REGION={region} \\
                    AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}
  history    {url}/labkit/history

The credentials are made up and any others do as well: never give it real ones. Everything is kept in memory, nothing
leaves this machine, and what was created here is gone when it stops. Ctrl-C stops it."""
FASTER = "Lab time runs {speed:g} times as fast as real time: a visibility timeout of 30 s takes {seconds:g} s."
STOPPED = "Stopped; nothing is left running."
NO_DASHBOARD = "There is no dashboard here: /labkit tells about this server, /labkit/history what was called."
HOST = "This AWS answers programs on this machine only, and {host!r} is another name: use http://127.0.0.1 with the port that `labkit serve` printed."
ORIGIN = "This AWS does not answer web pages of other sites, and {origin!r} is one."
SOMEBODY = "a client"
FAILED_MOCK = "The mock could not do {what} ({reason}): this is not an answer of AWS."
NOT_IN_MOCK = "AWS has {what}, and the mock behind this server does not: this is not an answer of AWS."
NO_UTF_8 = "The body of the request is not text in UTF-8."
PORT_TAKEN = "Port {port} is used by another program: choose another one with `labkit serve --port N`, or 0 for any that is free."
PORT_REFUSED = "Port {port} cannot be used here ({reason}): choose another one with `labkit serve --port N`, or 0 for any that is free."
PORT_RANGE = "There is no port {port}: give a number from 1 to 65535, or 0 for any that is free."
