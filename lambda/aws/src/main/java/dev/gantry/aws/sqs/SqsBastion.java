package dev.gantry.aws.sqs;

import dev.gantry.aws.AwsClients;
import dev.gantry.aws.AwsErrors;
import dev.gantry.aws.s3.ObjectThreads;
import dev.gantry.aws.s3.S3Objects;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Reply;
import dev.gantry.stored.BastionAnswers;
import dev.gantry.stored.BastionMessages;
import dev.gantry.stored.DocumentOptions;
import dev.gantry.stored.ObjectKeys;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The bastion channel, by its queue and its answers in S3. Questions are sent one by one, so that the SDK's retries and an error
 * concern one instance. The queue is a standard queue: it delivers at least once and in any order.
 */
public final class SqsBastion implements Bastion {
    private final SqsClient sqs;
    private final String queueUrl;
    private final S3Objects objects;
    private final ObjectThreads threads;
    private final BastionMessages messages;

    /**
     * Over two clients.
     *
     * @param queueUrl the queue {@code gantry-bastion}
     * @param bucket holds bundles and answers
     * @param region of the bucket
     */
    public SqsBastion(
            SqsClient sqs, String queueUrl, S3Client s3, String bucket, String region, ObjectThreads threads) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.objects = new S3Objects(s3, bucket);
        this.threads = threads;
        this.messages = new BastionMessages(new DocumentOptions(AwsClients.bundleUrls(region, bucket)));
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public Map<InstanceId, GantryException> ask(Collection<BastionQuestion> questions) {
        Map<InstanceId, BastionQuestion> byInstance =
                questions.stream().collect(Collectors.toMap(BastionQuestion::instance, Function.identity()));
        Map<InstanceId, GantryException> failed = new LinkedHashMap<>();
        threads.each(byInstance.keySet(), instance -> send(byInstance.get(instance)))
                .forEach((instance, result) -> {
                    if (result instanceof Result.Err<String> err) {
                        failed.put(instance, err.error());
                    }
                });
        return failed;
    }

    private String send(BastionQuestion asked) {
        try {
            return sqs.sendMessage(m -> m.queueUrl(queueUrl).messageBody(messages.of(asked)))
                    .messageId();
        } catch (SdkException e) {
            throw AwsErrors.classify("SendMessage to the bastion's queue " + queueUrl, e);
        }
    }

    @Override
    public Map<InstanceId, Result<Optional<Reply>>> replies(Map<InstanceId, RunId> runs) {
        return threads.each(runs.keySet(), instance -> reply(ObjectKeys.answer(runs.get(instance), instance)));
    }

    private Optional<Reply> reply(String key) {
        return objects.read(key).map(stored -> BastionAnswers.read(objects.name(key), stored.bytes()));
    }
}
