using System.Text.Json.Nodes;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.MailServices;

/// <summary>Postmark: a single mail in the default stream of a server.</summary>
internal sealed class PostmarkProvider([FromKeyedServices(ProviderAddresses.Postmark)] ProviderClient client, SallyportOptions options) : IMessageProvider
{
    public string Channel => Message.Email;

    public string Name => EmailProvider.Postmark;

    public IMessageConnection Connect(SettingValue settings) => new Connection(client, settings, options.ProviderAddresses);

    private sealed class Connection(ProviderClient client, SettingValue settings, ProviderAddresses addresses) : RequestConnection(client)
    {
        private const string InvalidRequest = "300";

        /// <summary>The address has bounced before, or its owner has complained.</summary>
        private const string InactiveRecipient = "406";

        protected override ValueTask<HttpRequestMessage> NewRequestAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            var parts = MailParts.Read(message);
            var body = new JsonObject
            {
                ["From"] = parts.Sender,
                ["To"] = parts.To,
                ["Subject"] = parts.Mail.Subject,
                ["TextBody"] = parts.Mail.Text,
                ["HtmlBody"] = parts.Mail.Html,
                ["Headers"] = new JsonArray(new JsonObject { ["Name"] = MailParts.NoReplies.Name, ["Value"] = MailParts.NoReplies.Value }),
                ["Metadata"] = new JsonObject { ["message_id"] = message.Id },
                // A link that works once must not be followed, or known, by others.
                ["TrackOpens"] = false,
                ["TrackLinks"] = "None",
                ["MessageStream"] = "outbound",
            };
            var request = MailRequests.NewPost(addresses.Find(ProviderAddresses.Postmark) + "/email", MailRequests.Json(body));
            request.Headers.TryAddWithoutValidation("X-Postmark-Server-Token", settings.Required("api_key"));
            return ValueTask.FromResult(request);
        }

        protected override string? ReadMessageId(ProviderAnswer answer)
        {
            if (answer.IsSuccess)
            {
                return answer.FindMember("MessageID");
            }

            var (code, text) = (answer.FindMember("ErrorCode"), answer.FindMember("Message"));
            throw answer.Refusal($"{code} {text}".Trim(), (int)answer.Status == 422 && code is not null ? KindOf(code, text) : null);
        }

        /// <summary>All but two are about the account or the sender.</summary>
        private static RefusalKind KindOf(string code, string? text) =>
            code == InactiveRecipient || (code == InvalidRequest && text?.Contains("'From'", StringComparison.Ordinal) != true)
                ? RefusalKind.Permanent
                : RefusalKind.Configuration;
    }
}
