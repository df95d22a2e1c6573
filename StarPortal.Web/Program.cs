using StarPortal.Web.Hosting;

// Composition is in Hosting/Rooms.cs: a room adds its services to AddRooms() and its doors to MapRooms().
var builder = PortalHost.CreateBuilder(args);
builder.Services.AddRooms(builder.Configuration);
builder.Services.AddPortalWeb();

var app = builder.Build();
app.UsePortalWeb();
app.MapRooms();
app.MapPortalPages();
await app.RunAsync();
