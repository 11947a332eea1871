using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Push.Providers;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push.Providers;

/// <summary>APNs with a certificate in place of a token key.</summary>
public sealed class ApnsCertificateTests
{
    [Fact]
    public async Task The_certificate_of_the_tenant_authenticates_the_connection()
    {
        using var certificate = NewCertificate();
        string? presented = null, authorization = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener =>
        {
            listener.Protocols = HttpProtocols.Http2;
            listener.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (client, _, _) => (presented = client.Thumbprint) is not null;
            });
        }));
        await using var apns = builder.Build();
        apns.Run(context =>
        {
            authorization = context.Request.Headers.Authorization;
            context.Response.StatusCode = context.Request.Path == "/3/device/abc" ? 200 : 404;
            return Task.CompletedTask;
        });
        await apns.StartAsync(TestContext.Current.CancellationToken);
        using var clients = new CertificateClients(Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12)));
        clients.Tls.RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null;
        var options = MinimalOptions.For("https://mfa.example.com", providers: apns.Urls.First());
        var service = new ApnsService(new ProviderClient(clients, ProviderAddresses.Apns), options, new ApnsProvider { BundleId = "com.acme.app" }, tokens: null);

        var sent = await service.TrySendAsync(
            new PushMessage("APNS", "abc", JsonSerializer.SerializeToElement(new { aps = new { } }), TimeProvider.System.GetUtcNow()),
            TestContext.Current.CancellationToken);

        sent.ShouldBeTrue();
        presented.ShouldBe(certificate.Thumbprint);
        authorization.ShouldBeNullOrEmpty();
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var created = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(created.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
    }
}
