using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;

namespace Sallyport.Server.Messages.Smtp;

/// <summary>A client at an authorization server that issues access tokens for a mailbox (RFC 6749 section 4.4, or section 6 with a refresh token).</summary>
internal sealed record SmtpOAuthClient(string TokenUrl, string ClientId)
{
    public string? ClientSecret { get; init; }

    public string? RefreshToken { get; init; }

    public string? Scope { get; init; }

    public override string ToString() => $"{ClientId} ***";
}

/// <summary>Access tokens for logins with XOAUTH2. They are kept until shortly before they expire.</summary>
internal sealed class SmtpTokens([FromKeyedServices(SmtpTokens.ClientName)] ProviderClient http, SallyportOptions options, TimeProvider clock)
{
    public const string ClientName = "The token endpoint";

    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset ExpiresAt)> known = new(StringComparer.Ordinal);

    /// <exception cref="DeliveryException">The authorization server issues none.</exception>
    public async ValueTask<string> GetAsync(SmtpOAuthClient client, CancellationToken cancellationToken)
    {
        var (key, now) = (KeyOf(client), clock.GetUtcNow());
        if (known.TryGetValue(key, out var kept) && kept.ExpiresAt > now + Margin)
        {
            return kept.Token;
        }

        var (token, lifetime) = await FetchAsync(client, cancellationToken);
        known[key] = (token, now + lifetime);
        return token;
    }

    /// <summary>After the mail server has refused the token.</summary>
    public void Forget(SmtpOAuthClient client) => known.TryRemove(KeyOf(client), out _);

    private async Task<(string Token, TimeSpan Lifetime)> FetchAsync(SmtpOAuthClient client, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(client.TokenUrl, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && !options.AllowsPrivateWebhooks))
        {
            throw DeliveryException.Misconfigured("credentials.smtp_oauth_token_url is not an https address.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(FormOf(client)) };
        var answer = await http.SendAsync(request, cancellationToken);
        if (!answer.IsSuccess)
        {
            // Even a 400 is never about the message. The error codes of RFC 6749 section 5.2 contain no secret.
            throw answer.Refusal(answer.FindMember("error"), (int)answer.Status is 408 or 429 or >= 500 ? RefusalKind.Temporary : RefusalKind.Configuration);
        }

        return ReadToken(answer) ?? throw DeliveryException.Misconfigured("The token endpoint issued no access token.");
    }

    private static Dictionary<string, string> FormOf(SmtpOAuthClient client)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = client.RefreshToken is null ? "client_credentials" : "refresh_token",
            ["client_id"] = client.ClientId,
        };
        foreach (var (name, value) in new[] { ("client_secret", client.ClientSecret), ("refresh_token", client.RefreshToken), ("scope", client.Scope) })
        {
            if (value is { Length: > 0 })
            {
                form[name] = value;
            }
        }

        return form;
    }

    /// <summary>A token without a lifetime is used once.</summary>
    private static (string Token, TimeSpan Lifetime)? ReadToken(ProviderAnswer answer) =>
        answer.FindMember("access_token") is { Length: > 0 } token
            ? (token, TimeSpan.FromSeconds(int.TryParse(answer.FindMember("expires_in"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0))
            : null;

    private static string KeyOf(SmtpOAuthClient client) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', client.TokenUrl, client.ClientId, client.ClientSecret, client.RefreshToken, client.Scope))));
}
