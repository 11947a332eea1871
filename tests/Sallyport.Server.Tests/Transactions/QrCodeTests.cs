using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Transactions.Guardian;

namespace Sallyport.Server.Tests.Transactions;

public sealed partial class QrCodeTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, EnginesAndBases]
    public async Task A_decoder_reads_the_requested_text_from_the_QR_code(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();
        var key = (string)flow.Json["device_account"]!["otp_secret"]!;
        var text = $"otpauth://totp/Acme%20%C3%A9:ann%40example.com?secret={key}&issuer=Acme&algorithm=SHA1&digits=6&period=30";

        var answer = await DrawAsync(person, flow, text);

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        (await DecodeAsync(answer.Text)).ShouldBe(text);
    }

    /// <summary>Version 15 has 77 modules a side (ISO/IEC 18004 section 7.3), and the quiet zone four more on each.</summary>
    [Theory]
    [InlineData("\u0E44")]
    [InlineData("\u0416")]
    [InlineData("\U0001F469\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466")]
    public async Task Long_names_still_give_a_readable_QR_code_of_version_15(string character)
    {
        var name = string.Concat(Enumerable.Repeat(character, 54));
        var text = OtpAuthUri.ForTotp(name, name, new byte[20], TotpParameters.Default);

        var svg = QrCode.ToSvg(text);

        int.Parse(XDocument.Parse(svg).Root!.Attribute("viewBox")!.Value.Split(' ')[2], CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(77 + 8);
        (await DecodeAsync(svg)).ShouldBe(text);
    }

    [Theory, Engines]
    public async Task The_QR_code_is_a_static_black_and_white_image(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        var svg = XDocument.Parse((await DrawAsync(person, flow, "otpauth://totp/a?secret=</text><script>alert(1)</script>")).Text);

        svg.Root!.Name.LocalName.ShouldBe("svg");
        svg.Root.Attribute("viewBox").ShouldNotBeNull();
        svg.Descendants().Select(element => element.Name.LocalName).Distinct().ShouldBe(["svg", "rect", "path"]);
        svg.Descendants().SelectMany(element => element.Attributes()).ShouldAllBe(attribute => !attribute.Name.LocalName.StartsWith("on"));
    }

    [Theory, Engines]
    public async Task The_addresses_of_the_app_for_push_messages_get_a_QR_code_and_no_other_ones_do(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        const string Apple = "https://apps.apple.com/app/acme/id1", Google = "https://play.google.com/store/apps/details?id=com.acme";
        var flow = await person.StartAsync();
        (await DrawAsync(person, flow, Apple)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await person.Management.SendAsync(HttpMethod.Patch, "/prompts/mfa-push", new { apple_app_link = Apple, google_app_link = Google })).ShouldBe(HttpStatusCode.OK);

        (await DecodeAsync((await DrawAsync(person, flow, Apple)).Text)).ShouldBe(Apple);
        (await DrawAsync(person, flow, Google)).Status.ShouldBe(HttpStatusCode.OK);
        (await DrawAsync(person, flow, Apple + "2")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
    }

    [Theory, Engines]
    public async Task Links_of_this_server_get_a_QR_code(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        var answer = await DrawAsync(person, flow, person.Server.Url + "/mfa/enrollment?ticket=abc");

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    [Theory, EnginesAndBases]
    public async Task Other_texts_get_no_QR_code(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();
        string[] texts =
        [
            "https://evil.example.com/", "javascript:alert(1)", "otpauth:totp", " otpauth://totp/a", "OTPAUTH://totp/a",
            person.Server.Url + ".evil.example.com/", person.Server.Url, "", new string('a', 5000), "otpauth://" + new string('a', 5000),
            "otpauth://totp/a\0",
        ];

        foreach (var text in texts)
        {
            (await DrawAsync(person, flow, text)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }
    }

    /// <summary>The capacity of a QR code is counted in bytes, not in characters.</summary>
    [Theory, Engines]
    public async Task A_text_of_multi_byte_characters_is_encoded_or_refused(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        foreach (var (character, count) in new[] { ("\u6f22", 1014), ("\U0001F511", 507), ("\u00e9", 1014), ("a", 1014) })
        {
            var answer = await DrawAsync(person, flow, "otpauth://" + string.Concat(Enumerable.Repeat(character, count)));
            answer.Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest);
        }
    }

    [Theory, Engines]
    public async Task A_body_of_another_shape_is_refused(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        foreach (var body in new[] { "", "{}", "null", "[]", """{"text":null}""", """{"text":["otpauth://totp/a"]}""", """{"text":1}""" })
        {
            (await person.SendAsync("qr-code", flow, body)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }
    }

    private static Task<Answer> DrawAsync(Person person, Flow flow, string text) => person.SendAsync("qr-code", flow, new { text });

    /// <summary>Reads the QR code with an independent decoder. If that is not installed, the test is skipped, or fails with <c>CI=true</c>.</summary>
    private static async Task<string> DecodeAsync(string svg)
    {
        var folder = Directory.CreateTempSubdirectory("sallyport-qr").FullName;
        try
        {
            var picture = Path.Combine(folder, "code.pgm");
            await File.WriteAllBytesAsync(picture, ToBitmap(XDocument.Parse(svg)));
            var start = new ProcessStartInfo("zbarimg", ["--quiet", "--raw", "--nodbus", picture]) { RedirectStandardOutput = true };
            using var process = Start(start);
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return text.TrimEnd('\n');
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            const string Reason = "zbarimg is not installed (on Debian: apt-get install zbar-tools).";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(Reason);
            }

            Assert.Skip(Reason);
            throw;
        }
    }

    /// <summary>Converts the dark runs of the image to a portable graymap, enlarged for the decoder.</summary>
    private static byte[] ToBitmap(XDocument svg)
    {
        const int Scale = 6;
        var size = int.Parse(svg.Root!.Attribute("viewBox")!.Value.Split(' ')[2], CultureInfo.InvariantCulture);
        var pixels = Enumerable.Repeat((byte)255, size * size * Scale * Scale).ToArray();
        var path = svg.Descendants().Single(element => element.Name.LocalName == "path");
        path.Attribute("fill")!.Value.ShouldBe("#000000");
        foreach (Match run in DarkRun().Matches(path.Attribute("d")!.Value))
        {
            var (x, y, width) = (Number(run, 1), Number(run, 2), Number(run, 3));
            for (var row = y * Scale; row < (y + 1) * Scale; row++)
            {
                pixels.AsSpan((row * size * Scale) + (x * Scale), width * Scale).Clear();
            }
        }

        return [.. System.Text.Encoding.ASCII.GetBytes($"P5 {size * Scale} {size * Scale} 255\n"), .. pixels];
    }

    private static int Number(Match run, int group) => int.Parse(run.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("M([0-9]+) ([0-9]+)h([0-9]+)v1h-[0-9]+z")]
    private static partial Regex DarkRun();
}
