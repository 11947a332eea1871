using Microsoft.Playwright;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>Screen sizes and input methods.</summary>
internal static class Devices
{
    public static BrowserNewContextOptions Desktop(ColorScheme scheme = ColorScheme.Light) => new()
    {
        ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        ColorScheme = scheme,
    };

    public static BrowserNewContextOptions Phone(ColorScheme scheme = ColorScheme.Light) => new()
    {
        ViewportSize = new ViewportSize { Width = 360, Height = 740 },
        DeviceScaleFactor = 2,
        HasTouch = true,
        IsMobile = true,
        ColorScheme = scheme,
    };

    public static BrowserNewContextOptions Narrow() => new() { ViewportSize = new ViewportSize { Width = 320, Height = 640 } };

    /// <summary>A window of 1280 pixels at 200 %.</summary>
    public static BrowserNewContextOptions Zoomed() => new()
    {
        ViewportSize = new ViewportSize { Width = 640, Height = 450 },
        DeviceScaleFactor = 2,
    };
}
