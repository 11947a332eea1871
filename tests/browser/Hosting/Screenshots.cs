using Microsoft.Playwright;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>Saves pictures for review to the folder in the environment variable <c>SCREENSHOTS</c>, if it is set.</summary>
internal static class Screenshots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    public static bool AreWanted => Folder is not null;

    public static async Task SaveAsync(IPage page, string name)
    {
        if (Folder is not null)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png"), FullPage = true });
        }
    }
}
