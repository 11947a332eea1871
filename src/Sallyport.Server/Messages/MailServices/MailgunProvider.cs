using System.Net.Http.Headers;
using System.Text;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.MailServices;

/// <summary>Mailgun: a MIME message for a domain, in the region <c>us</c> or <c>eu</c>.</summary>
internal sealed class MailgunProvider([FromKeyedServices(ProviderAddresses.Mailgun)] ProviderClient client, SallyportOptions options) : IMessageProvider
{
    public string Channel => Message.Email;

    public string Name => "mailgun";

    public IMessageConnection Connect(SettingValue settings) => new Connection(client, settings, options.ProviderAddresses);

    private sealed class Connection(ProviderClient client, SettingValue settings, ProviderAddresses addresses) : RequestConnection(client)
    {
        protected override async ValueTask<HttpRequestMessage> NewRequestAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            var credentials = settings.Provider().Credentials!;
            var domain = MailRequests.Required(credentials.Domain, "domain");
            var address = addresses.Find(credentials.Region == "eu" ? ProviderAddresses.MailgunEu : ProviderAddresses.Mailgun);
            var parts = MailParts.Read(message);
            var form = new MultipartFormDataContent
            {
                { new StringContent(parts.To), "\"to\"" },
                // A link that works once must not be followed, or known, by others.
                { new StringContent("no"), "\"o:tracking\"" },
                { new ByteArrayContent(await MailMime.WriteAsync(message, cancellationToken)), "\"message\"", "message.eml" },
            };
            var request = MailRequests.NewPost($"{address}/v3/{Uri.EscapeDataString(domain)}/messages.mime", form);
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("api:" + settings.Required("api_key"))));
            return request;
        }

        protected override string? ReadMessageId(ProviderAnswer answer) =>
            answer.IsSuccess ? answer.FindMember("id") : throw answer.Refusal(answer.FindMember("message"));
    }
}
