using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A certificate authority and a certificate for this machine, as PEM files, for one test run.</summary>
internal static class TestCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private static readonly Lazy<Files> Made = new(Make);

    /// <summary>The authority that clients must trust (<c>NODE_EXTRA_CA_CERTS</c>).</summary>
    public static string AuthorityPath => Made.Value.AuthorityPath;

    /// <summary>The settings of Kestrel for the certificate.</summary>
    public static IReadOnlyList<(string Key, string Value)> Settings =>
    [
        ("Kestrel:Certificates:Default:Path", Made.Value.Path),
        ("Kestrel:Certificates:Default:KeyPath", Made.Value.KeyPath),
    ];

    /// <summary>A handler that trusts only the authority.</summary>
    public static HttpMessageHandler CreateHandler(bool usesCookies = true) => CreateHandler(new CookieContainer(), usesCookies);

    /// <summary>Keeps cookies and follows no redirects.</summary>
    public static HttpMessageHandler CreateHandler(CookieContainer cookies) => CreateHandler(cookies, usesCookies: true, followsRedirects: false);

    private static SocketsHttpHandler CreateHandler(CookieContainer cookies, bool usesCookies, bool followsRedirects = true) => new()
    {
        UseCookies = usesCookies,
        CookieContainer = cookies,
        AllowAutoRedirect = followsRedirects,
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { Made.Value.Authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    private static Files Make()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "tls", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Sallyport tests", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var authority = authorityRequest.CreateSelfSigned(now - Lifetime, now + Lifetime);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, now - Lifetime, now + Lifetime, RandomNumberGenerator.GetBytes(16));

        var files = new Files(
            authority, Path.Combine(folder.FullName, "authority.pem"), Path.Combine(folder.FullName, "localhost.pem"), Path.Combine(folder.FullName, "localhost.key"));
        File.WriteAllText(files.AuthorityPath, authority.ExportCertificatePem());
        File.WriteAllText(files.Path, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyPath, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    private sealed record Files(X509Certificate2 Authority, string AuthorityPath, string Path, string KeyPath);
}
