import { GraphError } from './graph-error.js';
import { arrayOf, type JsonObject, objectOf, optionalText, requiredText } from './json-input.js';

/** Limits of Meta's interactive messages, in characters and items. */
const BODY = 1024;
const LIST_BODY = 4096;
const HEADER = 60;
const FOOTER = 60;
const BUTTONS = 3;
const BUTTON_TITLE = 20;
const BUTTON_ID = 256;
const LIST_BUTTON = 20;
const ROWS = 10;
const ROW_ID = 200;
const ROW_TITLE = 24;
const ROW_DESCRIPTION = 72;
const SECTION_TITLE = 24;
const PRODUCTS = 30;

/** Checks the `interactive` object of a send. @throws GraphError 131008, 131009 */
export function interactiveRules(interactive: JsonObject): void {
  const type = requiredText(interactive['type'], 'interactive.type', 64);
  const action = objectOf(interactive['action']);
  const rule = ACTIONS.get(type);
  if (!rule) throw GraphError.invalid('interactive.type', `'${type}' is not supported`);
  checkFrame(interactive, type);
  if (interactive['action'] === undefined) throw GraphError.missing('interactive.action');
  rule(action);
}

function checkFrame(interactive: JsonObject, type: string): void {
  const body = objectOf(interactive['body'])['text'];
  if (type === 'product') optionalText(body, 'interactive.body.text', BODY);
  else requiredText(body, 'interactive.body.text', type === 'list' ? LIST_BODY : BODY);
  if (interactive['footer'] !== undefined) {
    requiredText(objectOf(interactive['footer'])['text'], 'interactive.footer.text', FOOTER);
  }
  if (interactive['header'] === undefined) return;
  const header = objectOf(interactive['header']);
  const kind = requiredText(header['type'], 'interactive.header.type', 16);
  if (kind === 'text') requiredText(header['text'], 'interactive.header.text', HEADER);
  else if (!['image', 'video', 'document'].includes(kind))
    throw GraphError.invalid('interactive.header.type', 'is not supported');
  else if (type === 'list') throw GraphError.invalid('interactive.header.type', "must be 'text' for a list");
  else if (!objectOf(header[kind])['id'] && !objectOf(header[kind])['link'])
    throw GraphError.missing(`interactive.header.${kind}`);
}

const ACTIONS: ReadonlyMap<string, (action: JsonObject) => void> = new Map(
  Object.entries<(action: JsonObject) => void>({
    button: checkButtons,
    list: checkList,
    cta_url: (action) => {
      checkName(action, 'cta_url');
      const parameters = objectOf(action['parameters']);
      requiredText(parameters['display_text'], 'interactive.action.parameters.display_text', BUTTON_TITLE);
      const url = requiredText(parameters['url'], 'interactive.action.parameters.url', 2000);
      if (!URL.canParse(url)) throw GraphError.invalid('interactive.action.parameters.url', 'must be a valid URL');
    },
    location_request_message: (action) => checkName(action, 'send_location'),
    address_message: (action) => checkName(action, 'address_message'),
    catalog_message: (action) => checkName(action, 'catalog_message'),
    flow: (action) => {
      checkName(action, 'flow');
      const parameters = objectOf(action['parameters']);
      requiredText(parameters['flow_cta'], 'interactive.action.parameters.flow_cta', 30);
      if (!parameters['flow_id'] && !parameters['flow_name'])
        throw GraphError.missing('interactive.action.parameters.flow_id');
    },
    product: (action) => {
      requiredText(action['catalog_id'], 'interactive.action.catalog_id', 64);
      requiredText(action['product_retailer_id'], 'interactive.action.product_retailer_id', 256);
    },
    product_list: checkProducts,
    order_details: (action) => {
      checkName(action, 'review_and_pay');
      requiredText(objectOf(action['parameters'])['reference_id'], 'interactive.action.parameters.reference_id', 35);
    },
    order_status: (action) => {
      checkName(action, 'review_order');
      requiredText(objectOf(action['parameters'])['reference_id'], 'interactive.action.parameters.reference_id', 35);
    },
  }),
);

function checkName(action: JsonObject, name: string): void {
  if (action['name'] !== name) throw GraphError.invalid('interactive.action.name', `must be '${name}'`);
}

function checkButtons(action: JsonObject): void {
  const buttons = arrayOf(action['buttons']);
  if (buttons.length < 1 || buttons.length > BUTTONS) {
    throw GraphError.invalid('interactive.action.buttons', `must hold 1 to ${BUTTONS} buttons`);
  }
  const replies = buttons.map((button, index) => {
    const path = `interactive.action.buttons[${index}]`;
    if (objectOf(button)['type'] !== 'reply') throw GraphError.invalid(`${path}.type`, "must be 'reply'");
    const reply = objectOf(objectOf(button)['reply']);
    return {
      id: requiredText(reply['id'], `${path}.reply.id`, BUTTON_ID),
      title: requiredText(reply['title'], `${path}.reply.title`, BUTTON_TITLE),
    };
  });
  refuseRepeats(
    replies.map((reply) => reply.id),
    'interactive.action.buttons',
    'ids',
  );
  refuseRepeats(
    replies.map((reply) => reply.title),
    'interactive.action.buttons',
    'titles',
  );
}

function checkList(action: JsonObject): void {
  requiredText(action['button'], 'interactive.action.button', LIST_BUTTON);
  const sections = arrayOf(action['sections']);
  if (sections.length < 1 || sections.length > 10) {
    throw GraphError.invalid('interactive.action.sections', 'must hold 1 to 10 sections');
  }
  const ids = sections.flatMap((section, index) => {
    const path = `interactive.action.sections[${index}]`;
    if (sections.length > 1) requiredText(objectOf(section)['title'], `${path}.title`, SECTION_TITLE);
    else optionalText(objectOf(section)['title'], `${path}.title`, SECTION_TITLE);
    return arrayOf(objectOf(section)['rows']).map((row, at) => checkRow(objectOf(row), `${path}.rows[${at}]`));
  });
  if (ids.length < 1 || ids.length > ROWS) {
    throw GraphError.invalid('interactive.action.sections', `must hold 1 to ${ROWS} rows in all`);
  }
  refuseRepeats(ids, 'interactive.action.sections', 'row ids');
}

function checkRow(row: JsonObject, path: string): string {
  requiredText(row['title'], `${path}.title`, ROW_TITLE);
  if (row['description'] !== '') optionalText(row['description'], `${path}.description`, ROW_DESCRIPTION);
  return requiredText(row['id'], `${path}.id`, ROW_ID);
}

function checkProducts(action: JsonObject): void {
  requiredText(action['catalog_id'], 'interactive.action.catalog_id', 64);
  const sections = arrayOf(action['sections']);
  const products = sections.flatMap((section) => arrayOf(objectOf(section)['product_items']));
  if (products.length < 1 || products.length > PRODUCTS) {
    throw GraphError.invalid('interactive.action.sections', `must hold 1 to ${PRODUCTS} products in all`);
  }
}

function refuseRepeats(values: string[], path: string, what: string): void {
  if (new Set(values).size !== values.length) throw GraphError.invalid(path, `must hold different ${what}`);
}
