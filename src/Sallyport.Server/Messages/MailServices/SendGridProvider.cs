using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.MailServices;

/// <summary>Twilio SendGrid, API version 3: <c>mail/send</c>.</summary>
internal sealed class SendGridProvider([FromKeyedServices(ProviderAddresses.SendGrid)] ProviderClient client, SallyportOptions options) : IMessageProvider
{
    public string Channel => Message.Email;

    public string Name => "sendgrid";

    public IMessageConnection Connect(SettingValue settings) => new Connection(client, settings, options.ProviderAddresses);

    private sealed class Connection(ProviderClient client, SettingValue settings, ProviderAddresses addresses) : RequestConnection(client)
    {
        protected override ValueTask<HttpRequestMessage> NewRequestAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            var parts = MailParts.Read(message);
            var body = new JsonObject
            {
                ["personalizations"] = new JsonArray(new JsonObject { ["to"] = new JsonArray(new JsonObject { ["email"] = parts.To }) }),
                ["from"] = new JsonObject { ["email"] = parts.From, ["name"] = parts.FromName },
                ["subject"] = parts.Mail.Subject,
                // The order is fixed: plain text first.
                ["content"] = new JsonArray(
                    new JsonObject { ["type"] = "text/plain", ["value"] = parts.Mail.Text },
                    new JsonObject { ["type"] = "text/html", ["value"] = parts.Mail.Html }),
                ["headers"] = new JsonObject { [MailParts.NoReplies.Name] = MailParts.NoReplies.Value },
                ["custom_args"] = new JsonObject { ["message_id"] = message.Id },
                // A link that works once must not be followed, or known, by others.
                ["tracking_settings"] = new JsonObject
                {
                    ["click_tracking"] = new JsonObject { ["enable"] = false, ["enable_text"] = false },
                    ["open_tracking"] = new JsonObject { ["enable"] = false },
                },
            };
            var request = MailRequests.NewPost(addresses.Find(ProviderAddresses.SendGrid) + "/v3/mail/send", MailRequests.Json(body));
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + settings.Required("api_key"));
            return ValueTask.FromResult(request);
        }

        /// <summary>The first error says enough.</summary>
        protected override string? ReadMessageId(ProviderAnswer answer)
        {
            if (answer.IsSuccess)
            {
                return answer.MessageId;
            }

            var (field, text) = FirstError(answer.Body);
            throw answer.Refusal(
                $"{field} {text}".Trim(), field?.StartsWith("from", StringComparison.Ordinal) == true ? RefusalKind.Configuration : null);
        }

        private static (string? Field, string? Text) FirstError(string body)
        {
            try
            {
                var error = JsonNode.Parse(body)?["errors"]?[0];
                return ((string?)error?["field"], (string?)error?["message"]);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
            {
                return (null, null);
            }
        }
    }
}
