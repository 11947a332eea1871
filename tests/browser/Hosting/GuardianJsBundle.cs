using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>
/// Bundles guardian.js as publishing does, to the folder from which the servers of these tests serve it. Without Node the test
/// is skipped, and fails with <c>CI=true</c>.
/// </summary>
internal static class GuardianJsBundle
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    public static async Task MakeAsync()
    {
        var project = Path.GetFullPath(Path.Combine(Folder(), "..", "..", "..", "src", "Sallyport.Server"));
        var bundle = Path.Combine(project, "obj", "guardian-js", "out", "guardian-js.min.js");
        var start = new ProcessStartInfo("dotnet", ["msbuild", project, "-t:BundleGuardianJs", "-nologo", "-v:minimal"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Timeout);
        var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        process.ExitCode.ShouldBe(0, output);
        if (!File.Exists(bundle))
        {
            Missing(output);
        }

        var target = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "wwwroot", "js", "guardian-js"));
        File.Copy(bundle, Path.Combine(target.FullName, "guardian-js.min.js"), overwrite: true);
    }

    private static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
