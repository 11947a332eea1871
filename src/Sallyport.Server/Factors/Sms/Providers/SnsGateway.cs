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
            client,
            options.ProviderAddresses.Find(ProviderAddresses.Sns, account.Region),
            account with { SecretAccessKey = settings.Secrets.GetValueOrDefault("aws_secret_access_key") },
            clock);
    }
}

internal sealed class SnsConnection(ProviderClient client, string address, PhoneSnsProvider account, TimeProvider clock) : RequestConnection(client)
{
    private static readonly HashSet<string> ConfigurationCodes = new(StringComparer.Ordinal)
    {
        "AccessDenied", "AuthorizationError", "ExpiredToken", "IncompleteSignature", "InvalidClientTokenId", "InvalidSecurity",
        "MissingAuthenticationToken", "OptInRequired", "RequestExpired", "SignatureDoesNotMatch", "UnrecognizedClientException",
    };

    private static readonly HashSet<string> TemporaryCodes = new(StringComparer.Ordinal)
    {
        "KMSThrottling", "RequestLimitExceeded", "Throttled", "ThrottledException", "Throttling", "ThrottlingException",
    };

    protected override async ValueTask<HttpRequestMessage> NewRequestAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var content = PhoneMessageV1.Read(message);
        if (content.Channel == Message.Voice)
        {
            throw DeliveryException.Misconfigured("Amazon SNS makes no calls; remove voice from the message types, or select another provider.");
        }

        if (account.SecretAccessKey is not { } secret)
        {
            throw DeliveryException.Misconfigured("Amazon SNS has no credentials; set aws_secret_access_key.");
        }

        var request = new HttpRequestMessage(HttpMethod.Post, address + "/") { Content = new FormUrlEncodedContent(FieldsOf(content)) };
        await AwsSignature.SignAsync(
            request, new AwsAccount(account.AccessKeyId, secret, account.Region), "sns", clock.GetUtcNow(), cancellationToken);
        return request;
    }

    protected override string? ReadMessageId(ProviderAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return Element(answer.Body, "MessageId");
        }

        var code = Element(answer.Body, "Code") ?? "";
        throw answer.Refusal(
            $"{code} {Element(answer.Body, "Message")}".Trim(),
            ConfigurationCodes.Contains(code) ? RefusalKind.Configuration : TemporaryCodes.Contains(code) ? RefusalKind.Temporary : null);
    }

    /// <summary>Transactional messages are delivered first, and also to people who want no advertisements.</summary>
    private IEnumerable<KeyValuePair<string, string>> FieldsOf(PhoneMessageV1 content)
    {
        (string Name, string Value)[] attributes = account.SenderId is { } sender
            ? [("AWS.SNS.SMS.SMSType", "Transactional"), ("AWS.SNS.SMS.SenderID", sender)]
            : [("AWS.SNS.SMS.SMSType", "Transactional")];
        yield return new("Action", "Publish");
        yield return new("Version", "2010-03-31");
        yield return new("PhoneNumber", content.To);
        yield return new("Message", content.Text);
        foreach (var (index, (name, value)) in attributes.Index())
        {
            var entry = $"MessageAttributes.entry.{index + 1}";
            yield return new(entry + ".Name", name);
            yield return new(entry + ".Value.DataType", "String");
            yield return new(entry + ".Value.StringValue", value);
        }
    }

    /// <returns>The text of the first XML element of that name.</returns>
    private static string? Element(string xml, string name)
    {
        var start = xml.IndexOf($"<{name}>", StringComparison.Ordinal) + name.Length + 2;
        var end = xml.IndexOf($"</{name}>", StringComparison.Ordinal);
        return start > name.Length + 1 && end >= start ? xml[start..end] : null;
    }
}
