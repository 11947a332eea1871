using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Hosting;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>
/// The web root of a published server, with its bundles. The targets that make them are the ones of <c>dotnet publish</c>. Without Node the test
/// is skipped, and fails with <c>CI=true</c>.
/// </summary>
internal static class PublishedAssets
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<string>> Root = new(MakeAsync);

    /// <summary>The setting that lets a server serve these files.</summary>
    public static async Task<(string Key, string Value)> SettingAsync() => (WebHostDefaults.WebRootKey, await Root.Value);

    private static async Task<string> MakeAsync()
    {
        var project = Path.GetFullPath(Path.Combine(Folder(), "..", "..", "..", "src", "Sallyport.Server"));
        var target = Path.Combine(AppContext.BaseDirectory, "published");
        var root = Path.Combine(target, "wwwroot");
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        Copy(Path.Combine(project, "wwwroot"), root);
        var start = new ProcessStartInfo(
            "dotnet", ["msbuild", project, "-t:PublishWidget;PublishGuardianJs;PublishCodeEditor", $"-p:PublishDir={target}/", "-nologo", "-v:minimal"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Timeout);
        var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        process.ExitCode.ShouldBe(0, output);
        if (!File.Exists(Path.Combine(root, "js", "guardian-js", "guardian-js.min.js")) || Directory.Exists(Path.Combine(root, "js", "mfa-widget", "modules", "screens")))
        {
            Missing(output);
        }

        return root;
    }

    private static void Copy(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
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
