using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MimeKit;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.MailServices;

/// <summary>What mail services take from a mail. Addresses are those of one mailbox, with the domain in ASCII.</summary>
internal sealed record MailParts(string From, string FromName, string To, MailV1 Mail)
{
    /// <summary>RFC 3834 section 5: asks for no out-of-office replies.</summary>
    public static readonly (string Name, string Value) NoReplies = ("Auto-Submitted", "auto-generated");

    private const int MaxNameLength = 100;

    /// <summary>RFC 5322 section 3.4: the name in quotes, and the address.</summary>
    public string Sender => FromName.Length == 0 ? From : $"\"{FromName.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" <{From}>";

    /// <exception cref="DeliveryException">Permanent: an address is malformed.</exception>
    public static MailParts Read(OutgoingMessage message)
    {
        var mail = MailV1.Read(message);
        return new MailParts(Ascii(mail.FromAddress), HeaderText.Clean(mail.FromName, MaxNameLength), Ascii(mail.To), mail);
    }

    public override string ToString() => "***";

    private static string Ascii(string address) => MailboxAddress.EncodeAddrspec(MailMime.Address(name: null, address).Address);
}

/// <summary>The account of an e-mail provider, and requests with it.</summary>
internal static class MailRequests
{
    public static EmailProvider Provider(this SettingValue settings) => settings.Json.Deserialize(MessageJson.Default.EmailProvider)!;

    /// <exception cref="DeliveryException">A fault of the configuration: the credential is missing.</exception>
    public static string Required(this SettingValue settings, string name) =>
        Required(settings.Secrets.GetValueOrDefault(name), name);

    /// <exception cref="DeliveryException">A fault of the configuration: the credential is missing.</exception>
    public static string Required(string? value, string name) =>
        value is { Length: > 0 } ? value : throw DeliveryException.Misconfigured($"The e-mail provider has no {name}; set credentials.{name}.");

    public static HttpRequestMessage NewPost(string address, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        // Some services answer 406 without it.
        request.Headers.Accept.Add(new(MediaTypeNames.Application.Json));
        return request;
    }

    public static ByteArrayContent Json(JsonObject body) =>
        new(Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = { ContentType = new(MediaTypeNames.Application.Json) } };
}
