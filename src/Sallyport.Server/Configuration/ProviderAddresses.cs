namespace Sallyport.Server.Configuration;

/// <summary>
/// The base addresses of the services that Sallyport calls over HTTP. Only the operator can change them, so that nobody who may write
/// settings has credentials or codes sent to another host.
/// </summary>
internal sealed class ProviderAddresses(IReadOnlyDictionary<string, string> addresses)
{
    public const string Twilio = "Twilio";
    public const string Sns = "Sns";
    public const string Fcm = "Fcm";
    public const string GoogleTokens = "GoogleTokens";
    public const string Apns = "Apns";
    public const string ApnsSandbox = "ApnsSandbox";
    public const string Ses = "Ses";
    public const string SendGrid = "SendGrid";
    public const string Mailgun = "Mailgun";
    public const string MailgunEu = "MailgunEu";
    public const string Postmark = "Postmark";
    public const string Resend = "Resend";

    /// <summary>Stands for the region of the tenant's account.</summary>
    public const string Region = "{region}";

    /// <summary>The addresses that the providers publish. A new provider is added here and in docs/configuration.md.</summary>
    public static readonly IReadOnlyDictionary<string, string> Published = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Twilio] = "https://api.twilio.com",
        [Sns] = "https://sns.{region}.amazonaws.com",
        [Fcm] = "https://fcm.googleapis.com",
        [GoogleTokens] = "https://oauth2.googleapis.com/token",
        [Apns] = "https://api.push.apple.com",
        [ApnsSandbox] = "https://api.sandbox.push.apple.com",
        [Ses] = "https://email.{region}.amazonaws.com",
        [SendGrid] = "https://api.sendgrid.com",
        [Mailgun] = "https://api.mailgun.net",
        [MailgunEu] = "https://api.eu.mailgun.net",
        [Postmark] = "https://api.postmarkapp.com",
        [Resend] = "https://api.resend.com",
    };

    public static readonly ProviderAddresses Default = new(Published);

    /// <returns>Without a trailing slash.</returns>
    public string Find(string provider) => addresses[provider];

    /// <param name="region">Consists of letters, digits and hyphens.</param>
    public string Find(string provider, string region) => Find(provider).Replace(Region, region, StringComparison.Ordinal);
}
