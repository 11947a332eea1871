using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.MailServices;

/// <summary>Resend. A mail whose answer was lost is not sent twice: the service knows the key of the first attempt for a day.</summary>
internal sealed class ResendProvider([FromKeyedServices(ProviderAddresses.Resend)] ProviderClient client, SallyportOptions options) : IMessageProvider
{
    public string Channel => Message.Email;

    public string Name => "resend";

    public IMessageConnection Connect(SettingValue settings) => new Connection(client, settings, options.ProviderAddresses);

    private sealed class Connection(ProviderClient client, SettingValue settings, ProviderAddresses addresses) : RequestConnection(client)
    {
        protected override ValueTask<HttpRequestMessage> NewRequestAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            var parts = MailParts.Read(message);
            var body = new JsonObject
            {
                ["from"] = parts.Sender,
                ["to"] = new JsonArray(parts.To),
                ["subject"] = parts.Mail.Subject,
                ["text"] = parts.Mail.Text,
                ["html"] = parts.Mail.Html,
                ["headers"] = new JsonObject { [MailParts.NoReplies.Name] = MailParts.NoReplies.Value },
            };
            var content = body.ToJsonString();
            var request = MailRequests.NewPost(addresses.Find(ProviderAddresses.Resend) + "/emails", MailRequests.Json(body));
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + settings.Required("api_key"));
            // A mail that is composed when it is delivered may have changed since the first attempt, and the service refuses a key with another body.
            request.Headers.TryAddWithoutValidation("Idempotency-Key", $"{message.Id}-{Hash(content)}");
            return ValueTask.FromResult(request);
        }

        private static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..16];

        protected override string? ReadMessageId(ProviderAnswer answer)
        {
            if (answer.IsSuccess)
            {
                return answer.FindMember("id");
            }

            var name = answer.FindMember("name");
            throw answer.Refusal($"{name} {answer.FindMember("message")}".Trim(), name switch
            {
                "concurrent_idempotent_requests" => RefusalKind.Temporary,
                "invalid_from_address" => RefusalKind.Configuration,
                _ => null,
            });
        }
    }
}
