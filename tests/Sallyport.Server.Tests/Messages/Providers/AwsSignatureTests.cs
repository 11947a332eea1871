using System.Net.Http.Headers;
using Sallyport.Server.Messages.Providers;

namespace Sallyport.Server.Tests.Messages.Providers;

/// <summary>Cases of the "Signature Version 4 test suite" that Amazon publishes.</summary>
public sealed class AwsSignatureTests
{
    private static readonly AwsAccount Account = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1");
    private static readonly DateTimeOffset Time = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public async Task A_request_without_a_body_is_signed(string method, string target, string signature)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://example.amazonaws.com" + target);

        await AwsSignature.SignAsync(request, Account, "service", Time, CancellationToken.None);

        request.Headers.NonValidated["X-Amz-Date"].ToString().ShouldBe("20150830T123600Z");
        request.Headers.NonValidated["Authorization"].ToString().ShouldBe(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}");
    }

    [Fact]
    public async Task A_body_and_its_type_are_signed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://example.amazonaws.com/")
        {
            Content = new ByteArrayContent("Param1=value1"u8.ToArray())
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") },
            },
        };

        await AwsSignature.SignAsync(request, Account, "service", Time, CancellationToken.None);

        request.Headers.NonValidated["Authorization"].ToString().ShouldBe(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
            + "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
    }

    [Fact]
    public void An_account_does_not_print_its_keys() => Account.ToString().ShouldBe("us-east-1 ***");
}
