using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Server.Messages.Providers;

/// <summary>An account at Amazon Web Services.</summary>
/// <param name="Region">Consists of letters, digits and hyphens.</param>
internal sealed record AwsAccount(string AccessKeyId, string SecretAccessKey, string Region)
{
    public override string ToString() => $"{Region} ***";
}

/// <summary>Signs requests to Amazon Web Services with Signature Version 4.</summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Terminator = "aws4_request";

    /// <summary>Adds the date and the signature. The headers that are set before are signed; the path must be encoded already.</summary>
    /// <param name="service">Such as <c>ses</c> or <c>sns</c>.</param>
    public static async Task SignAsync(
        HttpRequestMessage request, AwsAccount account, string service, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{account.Region}/{service}/{Terminator}";
        request.Headers.TryAddWithoutValidation("X-Amz-Date", time);

        var headers = HeadersOf(request);
        var names = string.Join(';', headers.Keys);
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var canonical = string.Join(
            '\n',
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            CanonicalQuery(request.RequestUri.Query),
            string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n")),
            names,
            Hash(body));
        var text = string.Join('\n', Algorithm, time, scope, Hash(Encoding.UTF8.GetBytes(canonical)));
        var signature = Convert.ToHexStringLower(Sign(SigningKey(account, time[..8], service), text));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={account.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    /// <summary>By name, with values without blanks around them.</summary>
    private static SortedDictionary<string, string> HeadersOf(HttpRequestMessage request)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.RequestUri!.Authority };
        foreach (var (name, values) in request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? []))
        {
#pragma warning disable CA1308 // The canonical form is in lower case.
            headers[name.ToLowerInvariant()] = string.Join(',', values.Select(value => value.Trim()));
#pragma warning restore CA1308
        }

        // The client sets it when the request is sent.
        headers.Remove("content-length");
        return headers;
    }

    private static string CanonicalQuery(string query) =>
        string.Join('&', query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Contains('=', StringComparison.Ordinal) ? part : part + "=")
            .Order(StringComparer.Ordinal));

    private static byte[] SigningKey(AwsAccount account, string date, string service) =>
        Sign(Sign(Sign(Sign(Encoding.UTF8.GetBytes("AWS4" + account.SecretAccessKey), date), account.Region), service), Terminator);

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
