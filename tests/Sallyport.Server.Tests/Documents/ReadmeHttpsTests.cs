using System.Diagnostics;
using System.Text.RegularExpressions;
using Sallyport.Server.Tests.Architecture;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Tests.PublishedClients;

namespace Sallyport.Server.Tests.Documents;

/// <summary>Runs the commands of the section on HTTPS in the README.</summary>
public sealed partial class ReadmeHttpsTests : IDisposable
{
    private const string Secret = "a secret that is long enough";

    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-https").FullName;

    [Fact]
    public async Task A_certificate_made_by_the_documented_command_serves_a_client_that_requires_TLS()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands need a Unix shell.");
        await MakeCertificateAsync();
        var url = $"https://localhost:{Ports.Free()}";
        using var server = ServerProcess.Start(
            ("urls", url), ("Sallyport:PublicUrl", url), ("Sallyport:Bootstrap:ClientId", "id"), ("Sallyport:Bootstrap:ClientSecret", Secret),
            ("Kestrel:Certificates:Default:Path", Path.Combine(folder, "localhost.pem")),
            ("Kestrel:Certificates:Default:KeyPath", Path.Combine(folder, "localhost.key")));
        await Eventually.GetAsync(() => Task.FromResult(server.Output), output => output.Contains("Application started"));

        var (exitCode, output, errors) = await NodeClient.RunProgramAsync(
            "management",
            "node",
            [
                "run.cjs",
                $$"""{"generation":7,"domain":"{{new Uri(url).Authority}}","credentials":{"clientId":"id","clientSecret":"{{Secret}}"},"steps":[{"call":"tenant.get"}]}""",
            ],
            new Dictionary<string, string> { ["NODE_EXTRA_CA_CERTS"] = Path.Combine(folder, "localhost.pem") });

        exitCode.ShouldBe(0, errors);
        output.ShouldContain("\"value\":{");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task MakeCertificateAsync()
    {
        var command = OpenSslCommand().Match(File.ReadAllText(Repository.PathOf("README.md"))).Value;
        command.ShouldNotBeEmpty();
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder, RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        process.ExitCode.ShouldBe(0, errors);
    }

    [GeneratedRegex("^openssl req .*$", RegexOptions.Multiline)]
    private static partial Regex OpenSslCommand();
}
