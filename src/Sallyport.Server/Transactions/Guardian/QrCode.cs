using System.Text;
using QRCoder;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>QR codes for the widget as SVG: black on white with a quiet zone.</summary>
internal static class QrCode
{
    private const int PixelsPerModule = 8;

    /// <summary>The capacity of the largest symbol at level M in byte mode (ISO/IEC 18004 table 7).</summary>
    private const int MaxBytes = 2331;

    /// <summary>
    /// Keys for authenticator apps, and links to this server. The addresses of the tenant's app are drawn as well, and nothing else: the endpoint is
    /// not a general QR code service.
    /// </summary>
    public static bool MayDraw(string text, string publicUrl) =>
        text.StartsWith("otpauth://", StringComparison.Ordinal) || text.StartsWith(publicUrl + "/", StringComparison.Ordinal);

    public static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) <= MaxBytes;

    public static string ToSvg(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(PixelsPerModule, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
