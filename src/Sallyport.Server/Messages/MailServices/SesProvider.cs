using System.Text.Json.Nodes;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.MailServices;

/// <summary>Amazon SES, API version 2: <c>SendEmail</c> with a MIME message.</summary>
internal sealed class SesProvider(
    [FromKeyedServices(ProviderAddresses.Ses)] ProviderClient client, SallyportOptions options, TimeProvider clock) : IMessageProvider
{
    public string Channel => Message.Email;

    public string Name => "ses";

    public IMessageConnection Connect(SettingValue settings) => new Connection(client, settings, options.ProviderAddresses, clock);

    private sealed class Connection(ProviderClient client, SettingValue settings, ProviderAddresses addresses, TimeProvider clock) : RequestConnection(client)
    {
        private static readonly string[] ConfigurationFaults =
            ["AccountSuspendedException", "MailFromDomainNotVerifiedException", "NotFoundException", "SendingPausedException"];

        protected override async ValueTask<HttpRequestMessage> NewRequestAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            var provider = settings.Provider();
            var region = MailRequests.Required(provider.Credentials!.Region, "region");
            var account = new AwsAccount(settings.Required("accessKeyId"), settings.Required("secretAccessKey"), region);
            var parts = MailParts.Read(message);
            var body = new JsonObject
            {
                ["Destination"] = new JsonObject { ["ToAddresses"] = new JsonArray(parts.To) },
                ["Content"] = new JsonObject { ["Raw"] = new JsonObject { ["Data"] = Convert.ToBase64String(await MailMime.WriteAsync(message, cancellationToken)) } },
            };
            if (provider.Settings?.Message?.ConfigurationSet is { } configurationSet)
            {
                body["ConfigurationSetName"] = configurationSet;
            }

            var request = MailRequests.NewPost($"{addresses.Find(ProviderAddresses.Ses, region)}/v2/email/outbound-emails", MailRequests.Json(body));
            await AwsSignature.SignAsync(request, account, "ses", clock.GetUtcNow(), cancellationToken);
            return request;
        }

        protected override string? ReadMessageId(ProviderAnswer answer)
        {
            if (answer.IsSuccess)
            {
                return answer.FindMember("MessageId");
            }

            // Some errors add a colon and an address.
            var type = answer.ErrorType?.Split(':')[0] ?? answer.FindMember("__type");
            var text = answer.FindMember("message") ?? answer.FindMember("Message");
            throw answer.Refusal($"{type} {text}".Trim(), KindOf(type, text));
        }

        /// <returns>Null for the meaning of the status.</returns>
        private static RefusalKind? KindOf(string? type, string? text) =>
            ConfigurationFaults.Contains(type) || text?.Contains("is not verified", StringComparison.Ordinal) == true ? RefusalKind.Configuration
            : type is "LimitExceededException" or "TooManyRequestsException" ? RefusalKind.Temporary
            : null;
    }
}
