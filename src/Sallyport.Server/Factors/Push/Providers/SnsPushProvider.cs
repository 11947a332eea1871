using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Factors.Push.Providers;

/// <summary>Sends through Amazon SNS, with the tenant's platform applications for APNs and FCM. The choice <c>sns</c> in the settings.</summary>
internal sealed class SnsPushProvider(
    [FromKeyedServices(ProviderAddresses.Sns)] ProviderClient client, PushDevices devices, SallyportOptions options, TimeProvider clock) : IMessageProvider
{
    public const string ProviderName = "sns";

    public string Channel => Message.Push;

    public string Name => ProviderName;

    public SettingKind SettingKind => FactorSettings.Sns;

    public IMessageConnection Connect(SettingValue settings)
    {
        var account = settings.Json.Deserialize(FactorJson.Default.SnsProvider)!;
        var sns = account is { AwsAccessKeyId: { } id, AwsRegion: { } region } && settings.Secrets.GetValueOrDefault("aws_secret_access_key") is { } secret
            ? new SnsClient(client, options.ProviderAddresses.Find(ProviderAddresses.Sns, region), new AwsAccount(id, secret, region), clock)
            : null;
        return new SnsPushConnection(sns, account, devices, clock);
    }
}

/// <summary>
/// Each phone has an endpoint at SNS. It is created, or enabled again, when the first message is sent to the address of the phone, and then kept
/// with the phone.
/// </summary>
/// <param name="sns">Null if the account is incomplete.</param>
internal sealed partial class SnsPushConnection(SnsClient? sns, SnsProvider account, PushDevices devices, TimeProvider clock) : IMessageConnection
{
    public string? LastMessageId { get; private set; }

    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var push = PushMessage.Read(message);
        var application = SnsApplication.Of(account, push.Service);
        var answer = push.Endpoint is { } known && application.Owns(known)
            ? await PublishAsync(push, application, known, cancellationToken)
            : null;
        if (answer is null || IsEndpointDeleted(answer))
        {
            answer = await PublishAsync(push, application, await RegisterAsync(push, application, cancellationToken), cancellationToken);
        }

        if (answer.ErrorCode == "EndpointDisabled")
        {
            throw await devices.DisableAsync(push, cancellationToken);
        }

        LastMessageId = answer.IsSuccess ? answer.Find("MessageId") : throw answer.Refusal();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// The endpoint of an app that was removed and installed again exists, but is disabled. An endpoint that something else has created for the
    /// address is an error whose text contains its ARN.
    /// </summary>
    private async Task<string> RegisterAsync(PushMessage push, SnsApplication application, CancellationToken cancellationToken)
    {
        var created = await CallAsync(
            "CreatePlatformEndpoint", [new("PlatformApplicationArn", application.Arn), new("Token", push.Token)], cancellationToken);
        var endpoint = created.Find("EndpointArn") ?? KnownEndpoint().Match(created.ErrorMessage ?? "").Groups["arn"].Value;
        if (!application.Owns(endpoint))
        {
            throw created.Refusal();
        }

        var enabled = await CallAsync(
            "SetEndpointAttributes",
            [
                new("EndpointArn", endpoint),
                new("Attributes.entry.1.key", "Token"),
                new("Attributes.entry.1.value", push.Token),
                new("Attributes.entry.2.key", "Enabled"),
                new("Attributes.entry.2.value", "true"),
            ],
            cancellationToken);
        if (!enabled.IsSuccess)
        {
            throw enabled.Refusal();
        }

        await devices.KeepEndpointAsync(push, endpoint, cancellationToken);
        return endpoint;
    }

    private Task<SnsAnswer> PublishAsync(PushMessage push, SnsApplication application, string endpoint, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var isFcm = push.Service == PushPayload.Gcm;
        var content = isFcm
            ? new JsonObject { ["fcmV1Message"] = new JsonObject { ["message"] = FcmContent.Of(push, now) } }.ToJsonString()
            : push.Payload.GetRawText();
        // SNS requires a default text. No phone gets it, because an endpoint belongs to one platform.
        var message = new JsonObject { ["default"] = "Sign-in", [application.Platform] = content };
        // The message for FCM contains its lifetime.
        var attributes = isFcm ? [] : SnsClient.MessageAttributes(
            ("AWS.SNS.MOBILE.APNS.PUSH_TYPE", "alert"),
            ($"AWS.SNS.MOBILE.{application.Platform}.TTL", push.SecondsLeft(now).ToString(CultureInfo.InvariantCulture)));
        return CallAsync(
            "Publish",
            [new("TargetArn", endpoint), new("MessageStructure", "json"), new("Message", message.ToJsonString()), .. attributes],
            cancellationToken);
    }

    private Task<SnsAnswer> CallAsync(string action, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken) =>
        sns is not null
            ? sns.CallAsync(action, parameters, cancellationToken)
            : throw DeliveryException.Misconfigured("Amazon SNS has no credentials; set aws_access_key_id, aws_secret_access_key and aws_region.");

    private static bool IsEndpointDeleted(SnsAnswer answer) =>
        answer.ErrorCode == "NotFound"
        || (answer.ErrorCode == "InvalidParameter" && answer.ErrorMessage?.Contains("No endpoint found", StringComparison.Ordinal) == true);

    [GeneratedRegex("Endpoint (?<arn>arn:[^ ]+) already exists with the same Token")]
    private static partial Regex KnownEndpoint();
}

/// <summary>An application of the tenant at SNS, through which the phones of one push service are reached.</summary>
/// <param name="Platform">The key of its messages: <c>GCM</c>, <c>APNS</c>, or <c>APNS_SANDBOX</c> for apps that are still developed.</param>
internal sealed partial record SnsApplication(string Arn, string Platform)
{
    /// <exception cref="DeliveryException">The tenant has set none.</exception>
    public static SnsApplication Of(SnsProvider account, string service)
    {
        var (setting, arn) = service == PushPayload.Apns
            ? ("sns_apns_platform_application_arn", account.SnsApnsPlatformApplicationArn)
            : ("sns_gcm_platform_application_arn", account.SnsGcmPlatformApplicationArn);
        var platform = Pattern().Match(arn ?? "").Groups["platform"].Value;
        return platform == service || (service == PushPayload.Apns && platform == "APNS_SANDBOX")
            ? new SnsApplication(arn!, platform)
            : throw DeliveryException.Misconfigured($"{setting} is not the ARN of a platform application for {service}.");
    }

    /// <summary>Whether an endpoint belongs to the application.</summary>
    public bool Owns(string endpoint) => endpoint.StartsWith(Arn.Replace(":app/", ":endpoint/", StringComparison.Ordinal) + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]+:app/(?<platform>[A-Z_]+)/[A-Za-z0-9_.-]+\z")]
    private static partial Regex Pattern();
}
