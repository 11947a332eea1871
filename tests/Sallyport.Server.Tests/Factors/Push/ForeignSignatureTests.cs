using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Architecture;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push;

/// <summary>Keys and signatures of other implementations than .NET's. auth0-guardian-js tests use Node's (GuardianJsPushTests).</summary>
public sealed class ForeignSignatureTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task A_phone_that_signs_with_OpenSSL_enrolls_and_signs_in()
    {
        var folder = Directory.CreateTempSubdirectory("sallyport-openssl").FullName;
        var key = Path.Combine(folder, "key.pem");
        await RunAsync("openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key]);
        var modulus = (await RunAsync("openssl", ["rsa", "-in", key, "-noout", "-modulus"])).Split('=')[1].Trim();

        await SignInAsync(new JsonObject
        {
            ["kty"] = "RSA",
            ["alg"] = "RS256",
            ["use"] = "sig",
            ["e"] = "AQAB",
            ["n"] = Base64Url.EncodeToString([0, .. Convert.FromHexString(modulus)]),
        }, async input =>
        {
            var text = Path.Combine(folder, "input");
            var signature = Path.Combine(folder, "signature");
            await File.WriteAllTextAsync(text, input);
            await RunAsync("openssl", ["dgst", "-sha256", "-sign", key, "-out", signature, text]);
            return await File.ReadAllBytesAsync(signature);
        });
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>If no JDK is installed, the test is skipped, or fails with <c>CI=true</c>.</summary>
    [Fact]
    public async Task A_phone_that_signs_with_the_standard_library_of_Java_enrolls_and_signs_in()
    {
        using var java = Start("java", [Repository.PathOf("tests/clients/Signer.java")]);
        if (java is null)
        {
            MissJava();
        }

        var output = java!.StandardOutput;
        var modulus = await output.ReadLineAsync(TestContext.Current.CancellationToken);
        Base64Url.DecodeFromChars(modulus)[0].ShouldBe((byte)0);
        await SignInAsync(
            new JsonObject { ["kty"] = "RSA", ["alg"] = "RS256", ["use"] = "sig", ["n"] = modulus, ["e"] = await output.ReadLineAsync(TestContext.Current.CancellationToken) },
            async input =>
            {
                await java.StandardInput.WriteLineAsync(input);
                await java.StandardInput.FlushAsync();
                return Base64Url.DecodeFromChars(await output.ReadLineAsync(TestContext.Current.CancellationToken));
            });
        java.StandardInput.Close();
        await java.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private async Task SignInAsync(JsonObject publicKey, Func<string, Task<byte[]>> sign)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await person.SetFactorAsync("push-notification", enabled: true);
        var flow = await person.StartAsync();
        var phone = Phone.Of(person);
        (await phone.EnrollAsync((string)flow.Json["enrollment_tx_id"]!, body => body["public_key"] = publicKey)).ShouldBe(HttpStatusCode.Created);
        var push = await phone.RequestPushAsync(flow);
        var response = phone.Response(push, isAccepted: true);

        (await phone.AnswerAsync(push, response)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_challenge");
        var answer = await phone.AnswerAsync(push, response.Sign(await sign(response.SigningInput())));

        answer.Status.ShouldBe(HttpStatusCode.NoContent, answer.Text);
        var renamed = phone.AccountToken();
        (await phone.PatchAsync(renamed.Sign(await sign(renamed.SigningInput())), new { name = "Renamed" })).ShouldBe(HttpStatusCode.OK);
    }

    private static void MissJava()
    {
        const string Reason = "Java is not installed (on Debian: apt-get install default-jdk-headless).";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Reason);
        }

        Assert.Skip(Reason);
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        process.ShouldNotBeNull(program + " is not installed.");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await process.StandardError.ReadToEndAsync());
        return output;
    }

    private static Process? Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
