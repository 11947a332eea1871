using System.Net;
using System.Text.Json;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.Smtp;

/// <summary>Sends mail through the tenant's own mail server.</summary>
internal sealed class SmtpProvider(SallyportOptions options, SmtpTokens tokens) : IMessageProvider
{
    private const int SubmissionPort = 587;

    public string Channel => Message.Email;

    public string Name => EmailProvider.Smtp;

    public IMessageConnection Connect(SettingValue settings)
    {
        var provider = settings.Json.Deserialize(MessageJson.Default.EmailProvider)!;
        var credentials = provider.Credentials!;
        return new SmtpConnection(new SmtpAccount(credentials.SmtpHost!.Trim('[', ']'), credentials.SmtpPort ?? SubmissionPort)
        {
            User = credentials.SmtpUser is { Length: > 0 } user ? user : null,
            Password = settings.Secrets.GetValueOrDefault("smtp_pass"),
            OAuth = OAuthOf(credentials, settings.Secrets),
            AllowsUnencrypted = options.AllowsUnencryptedMail,
            ClientName = new Uri(options.PublicUrl).IdnHost,
            Headers = [.. HeadersOf(provider.Settings?.Headers)],
        })
        {
            Tokens = tokens,
        };
    }

    private static SmtpOAuthClient? OAuthOf(EmailCredentials credentials, IReadOnlyDictionary<string, string> secrets) =>
        credentials.SmtpOAuthTokenUrl is not { } tokenUrl
            ? null
            : new SmtpOAuthClient(tokenUrl, credentials.SmtpOAuthClientId ?? "")
            {
                ClientSecret = secrets.GetValueOrDefault("smtp_oauth_client_secret"),
                RefreshToken = secrets.GetValueOrDefault("smtp_oauth_refresh_token"),
                Scope = credentials.SmtpOAuthScope,
            };

    private static IEnumerable<(string, string)> HeadersOf(EmailHeaders? headers)
    {
        if (headers?.ViewContentLink is { } link)
        {
            yield return ("X-MC-ViewContentLink", link);
        }

        if (headers?.ConfigurationSet is { } set)
        {
            yield return ("X-SES-Configuration-Set", set);
        }

        if (headers?.SparkPost is { } options)
        {
            // The published setting is called X-MSYS_API, the header is not.
            yield return ("X-MSYS-API", JsonSerializer.Serialize(options, MessageJson.Default.DictionaryStringJsonElement));
        }
    }
}

/// <summary>A mail server and how to use it.</summary>
internal sealed record SmtpAccount(string Host, int Port)
{
    /// <summary>RFC 8314 section 3.3: TLS from the first byte.</summary>
    private const int ImplicitTlsPort = 465;

    /// <summary>Null if the server does not ask for a login.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Logs in with an access token (XOAUTH2) instead of a password; null for a password.</summary>
    public SmtpOAuthClient? OAuth { get; init; }

    /// <summary>Sends the mail, though never the password, unencrypted if the server does not offer STARTTLS.</summary>
    public bool AllowsUnencrypted { get; init; }

    /// <summary>The host name or address of this server in EHLO.</summary>
    public required string ClientName { get; init; }

    /// <summary>Added to every mail.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public bool HasImplicitTls { get; init; } = Port == ImplicitTlsPort;

    /// <summary>Connections to this machine need no encryption.</summary>
    public bool IsLocal { get; init; } = Host is "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    public override string ToString() => $"{Host}:{Port} ***";
}
