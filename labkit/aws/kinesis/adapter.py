"""The Kinesis adapter: which of moto's methods the rules replace."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from labkit.aws import over_http
from labkit.aws.adapter import Adapter, Replacement
from labkit.aws.asked import Answering, Asked, Given
from labkit.aws.records import Records
from labkit.causes import Accepted, Batch, ReceivedRecords, Result


class KinesisAdapter(Adapter):
    """Puts the rules of streams behind moto's Kinesis; see `Adapter` for the methods.

    moto's Kinesis is imported with the first client that can make or read a stream.
    """

    needed_by = frozenset({"kinesis", "cloudformation", "logs"})

    @property
    def answers(self) -> Mapping[str, Answering]:
        """Streams, their shards, records and consumers. Tags, metrics and policies are moto's."""
        return _answers()

    def replacements(self) -> list[Replacement]:
        """What callers ask of Kinesis, and what moto's other services do."""
        from moto.kinesis.models import KinesisBackend, Shard, Stream
        from moto.kinesis.responses import KinesisResponse

        from labkit.aws.kinesis import records, shards, streams

        return [
            *((KinesisResponse, name, method) for name, method in over_http.methods(dict(_answers())).items()),
            (KinesisBackend, "create_stream", streams.make_for_service),
            (Stream, "init_shards", lambda stream, count: setattr(stream, "shard_count", count)),
            (Stream, "update_shard_count", shards.scale_for_service),
            (Stream, "put_record", records.put_for_service),
            (Shard, "__init__", streams.unused),
        ]

    def describe(self, operation: str, parameters: Given, answer: Given) -> tuple[str, Result | None, list[str]]:
        """A call by the name of its stream, and how many records it moved."""
        arn = str(parameters.get("StreamARN") or parameters.get("ConsumerARN") or "")
        named = str(parameters.get("StreamName") or arn.partition(":stream/")[2].partition("/")[0])
        result: Result = Accepted()
        if operation == "PutRecords":
            failed = answer.get("FailedRecordCount", 0)
            result = Batch(len(answer.get("Records", [])) - failed, failed)
        elif operation == "GetRecords":
            result = ReceivedRecords(len(answer.get("Records", [])))
        return named, result, []


def _answers() -> dict[str, Answering]:
    from labkit.aws.kinesis import consumers, encrypting, records, shards, streams
    from labkit.aws.kinesis.errors import checked

    functions: dict[str, Callable[[Records, Asked], Given]] = {
        "CreateStream": streams.create_stream,
        "DescribeStream": streams.describe_stream,
        "DescribeStreamSummary": streams.describe_stream_summary,
        "ListStreams": streams.list_streams,
        "DeleteStream": streams.delete_stream,
        "IncreaseStreamRetentionPeriod": streams.change_retention,
        "DecreaseStreamRetentionPeriod": streams.change_retention,
        "UpdateStreamMode": streams.update_stream_mode,
        "UpdateMaxRecordSize": streams.update_max_record_size,
        "DescribeLimits": streams.describe_limits,
        "ListShards": shards.list_shards,
        "SplitShard": shards.split_shard,
        "MergeShards": shards.merge_shards,
        "UpdateShardCount": shards.update_shard_count,
        "PutRecord": records.put_record,
        "PutRecords": records.put_records,
        "GetShardIterator": records.get_shard_iterator,
        "GetRecords": records.get_records,
        "StartStreamEncryption": encrypting.start_stream_encryption,
        "StopStreamEncryption": encrypting.stop_stream_encryption,
        "RegisterStreamConsumer": consumers.register_stream_consumer,
        "DescribeStreamConsumer": consumers.describe_stream_consumer,
        "ListStreamConsumers": consumers.list_stream_consumers,
        "DeregisterStreamConsumer": consumers.deregister_stream_consumer,
    }
    return {operation: checked(function) for operation, function in functions.items()}
