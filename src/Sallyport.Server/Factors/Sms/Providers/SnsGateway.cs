using System.Text.Json;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Factors.Sms.Providers;

/// <summary>Sends text messages with the action <c>Publish</c> of Amazon SNS.</summary>
internal sealed class SnsGateway(
    string channel, [FromKeyedServices(ProviderAddresses.Sns)] ProviderClient client, SallyportOptions options, TimeProvider clock) : IMessageProvider
{
    public string Channel => channel;

    public string Name => PhoneProviderChoice.Sns;

    public SettingKind SettingKind => FactorSettings.PhoneSns;

    public IMessageConnection Connect(SettingValue settings)
    {
        var account = settings.Json.Deserialize(FactorJson.Default.PhoneSnsProvider)!;
        return new SnsConnection(
            settings.Secrets.GetValueOrDefault("aws_secret_access_key") is { } secret
                ? new SnsClient(
                    client,
                    options.ProviderAddresses.Find(ProviderAddresses.Sns, account.Region),
                    new AwsAccount(account.AccessKeyId, secret, account.Region),
                    clock)
                : null,
            account.SenderId);
    }
}

/// <param name="sns">Null if the tenant has set no secret.</param>
internal sealed class SnsConnection(SnsClient? sns, string? senderId) : IMessageConnection
{
    public string? LastMessageId { get; private set; }

    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var content = PhoneMessageV1.Read(message);
        if (content.Channel == Message.Voice)
        {
            throw DeliveryException.Misconfigured("Amazon SNS makes no calls; remove voice from the message types, or select another provider.");
        }

        if (sns is null)
        {
            throw DeliveryException.Misconfigured("Amazon SNS has no credentials; set aws_secret_access_key.");
        }

        var answer = await sns.CallAsync("Publish", FieldsOf(content), cancellationToken);
        LastMessageId = answer.IsSuccess ? answer.Find("MessageId") : throw answer.Refusal();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Transactional messages are delivered first, and also to people who want no advertisements.</summary>
    private IEnumerable<KeyValuePair<string, string>> FieldsOf(PhoneMessageV1 content)
    {
        (string Name, string Value)[] sender = senderId is null ? [] : [("AWS.SNS.SMS.SenderID", senderId)];
        return
        [
            new("PhoneNumber", content.To),
            new("Message", content.Text),
            .. SnsClient.MessageAttributes([("AWS.SNS.SMS.SMSType", "Transactional"), .. sender]),
        ];
    }
}
