using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;

namespace Sallyport.Server.Dashboard;

/// <summary>
/// Tells requests that a person makes in the dashboard from those that other pages cause: pages of other sites, and the tenant's own hosted pages,
/// which have the same origin and whose scripts are not ours (ADR 20).
/// </summary>
internal sealed class FormOrigin(SecretHash hash, DashboardCookies cookies, SallyportOptions options)
{
    public const string TokenField = "form_token";

    private const int NonceLength = 16;
    private const int SecretLength = 43;

    /// <summary>A script cannot send these headers, and cannot leave them out: it can navigate to a page, but not read one.</summary>
    public static bool IsNavigation(HttpRequest request) => request.Headers["Sec-Fetch-Mode"] is [] or ["navigate"];

    /// <summary>
    /// The token of a form: a keyed hash of the session's secret, or of one that belongs to the browser before the sign-in. It differs in each
    /// response, so the length of a compressed page reveals nothing about it (BREACH).
    /// </summary>
    /// <param name="sessionSecret">Null without a session.</param>
    public string NewToken(HttpContext context, string? sessionSecret)
    {
        var secret = sessionSecret ?? cookies.FindForm(context.Request) ?? (string?)context.Items[nameof(FormOrigin)];
        if (secret is null)
        {
            secret = Tokens.NewAlphaNumeric(SecretLength);
            context.Items[nameof(FormOrigin)] = secret;
            cookies.SetForm(context.Response, secret);
        }

        var nonce = Tokens.NewAlphaNumeric(NonceLength);
        return $"{nonce}.{ProofOf(secret, nonce)}";
    }

    public bool IsOurs(HttpRequest request, IFormCollection form, string? sessionSecret) =>
        request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"]
        && IsOwn(request, request.Headers.Origin)
        && (sessionSecret ?? cookies.FindForm(request)) is { } secret
        && form[TokenField].ToString().Split('.') is [{ Length: NonceLength } nonce, var proof]
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(proof), Encoding.UTF8.GetBytes(ProofOf(secret, nonce)));

    /// <summary>A browser names its own host correctly, so the address that it has opened counts as well as the configured one.</summary>
    private bool IsOwn(HttpRequest request, StringValues origin) =>
        origin is [] || origin == options.PublicUrl || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value);

    private string ProofOf(string secret, string nonce) => Convert.ToHexStringLower(hash.DashboardForm(secret, nonce));
}
