namespace Sallyport.Browser.Tests.Hosting;

/// <summary>
/// Pages as the vendor's documentation prints them: a table that centres a narrow column, the widget from the CDN, options
/// printed into string literals, with trailing and missing commas.
/// </summary>
internal static class DocumentedPages
{
    public const string TicketsAlone = Head + """
            ticket: "{{ ticket }}",

        """ + Tail;

    public const string BothUses = Head + """
            {% if ticket %}
            ticket: "{{ ticket }}",
            {% else %}
            requestToken: "{{ requestToken }}",
            {% endif %}
            postActionURL: "{{ postActionURL }}",

        """ + Tail;

    /// <summary>Without the widget: the library from the CDN, and a form of the customer's own.</summary>
    public const string WithoutWidget = """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Phone as a key</title></head>
        <body>
          <h1>Hello {{ userData.email }}</h1>
          <p id="key"></p>
          <form id="form"><label>Code <input id="code" autocomplete="one-time-code"></label> <button>Send</button></form>
          <p id="news"></p>
          <script src="https://cdn.auth0.com/js/guardian-js/1.3.0/guardian-js.min.js"></script>
          <script>
            var guardian = auth0GuardianJS({
              serviceUrl: "{{ mfaServerUrl }}",
              ticket: "{{ ticket }}",
              issuer: { label: "{{ userData.tenantFriendlyName }}", name: "{{ userData.tenant }}" },
              accountLabel: "{{ userData.friendlyUserId }}",
              globalTrackingId: "{{ globalTrackingId }}",
              stateCheckingMechanism: "{{ stateCheckingMechanism }}",
            });
            function say(text) { document.getElementById("news").textContent = text; }
            guardian.start(function (error, transaction) {
              if (error) { return say(error.message); }
              transaction.on("error", function (problem) { say(problem.message); });
              transaction.on("enrollment-complete", function (event) { say("Done, keep " + event.recoveryCode); });
              transaction.enroll("otp", {}, function (fault, flow) {
                if (fault) { return say(fault.message); }
                document.getElementById("key").textContent = flow.getUri();
                document.getElementById("form").onsubmit = function () {
                  flow.confirm({ otpCode: document.getElementById("code").value });
                  return false;
                };
              });
            });
          </script>
        </body>
        </html>
        """;

    private const string Head = """
        <!DOCTYPE html>
        <html>
        <head>
          <title>A second step</title>
          <meta name="viewport" content="width=device-width, initial-scale=1.0" />
          <meta http-equiv="X-UA-Compatible" content="IE=edge">
          <style type="text/css">
            html, body { margin: 0; padding: 0; }
            .sheet { display: table; position: absolute; width: 100%; height: 100%; background-color: {{ pageBackgroundColor | default: '#20242c' }}; }
            .middle { display: table-cell; vertical-align: middle; }
            .column { width: 280px; margin: 0 auto; padding: 24px 0; }
            .greeting { color: #ffffff; text-align: center; font-family: sans-serif; }
          </style>
        </head>
        <body>
          <div class="sheet">
            <div class="middle">
              <h4 class="greeting">{{ userData.email }}, add your phone</h4>
              <div class="column">
                <div class="js-mfa-container mfa-container" id="container"></div>
              </div>
            </div>
          </div>
          <script src="//cdn.auth0.com/js/mfa-widget/mfa-widget-1.2.1.min.js"></script>
          <script>
          (function() {
            return new Auth0MFAWidget({
              container: "container",
              requesterErrors: [
                {% for error in errors %}
                  { message: "{{ error.message }}" }
                {% endfor %}
              ],
              mfaServerUrl: "{{ mfaServerUrl }}",

        """;

    private const string Tail = """
              userData: {
                userId: "{{ userData.userId }}",
                email: "{{ userData.email }}",
                friendlyUserId: "{{ userData.friendlyUserId }}",
                tenant: "{{ userData.tenant }}",
              },
              globalTrackingId: "{{ globalTrackingId }}"
            });
          })();
          </script>
        </body>
        </html>
        """;
}
