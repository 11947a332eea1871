using System.Globalization;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.WebAuthn;

public sealed class LazyLoadTests
{
    /// <summary>Fido2 and its cryptography are large, and most installations have no security keys.</summary>
    [Fact]
    public async Task A_start_does_not_load_Fido2_and_the_command_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        using var server = ServerProcess.Start(("urls", $"http://localhost:{Ports.Free()}"), ("environment", "Development"));
        await Eventually.GetAsync(() => Task.FromResult(server.Output), output => output.Contains("Application started"));

        var maps = await File.ReadAllTextAsync(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{server.Id}/maps"), TestContext.Current.CancellationToken);

        maps.ShouldContain("Sallyport.Server.dll");
        maps.ShouldNotContain("Fido2");
        maps.ShouldNotContain("libsodium");
        maps.ShouldNotContain("System.CommandLine");
        maps.ShouldNotContain("Spectre.Console");
    }
}
